"""The password hasher that ships."""

from threading import Thread

from kunjae.identity import hashing
from kunjae.site.settings import base


def test_hash_carries_the_parameters_of_the_owasp_minimum():
    encoded = hashing.Argon2id().encode("tonmai-suai-mak-27", "salt-of-16-chars")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_settings_hash_by_it_alone():
    assert base.PASSWORD_HASHERS == ["kunjae.identity.hashing.Argon2id"]


def test_hashes_run_in_bounded_number(settings):
    running, most = [], []

    class Watched(hashing.Argon2id):
        memory_cost = 8
        time_cost = 1

        def params(self):
            running.append(1)
            most.append(len(running))
            running.pop()
            return super().params()

    threads = [Thread(target=Watched().encode, args=("password", "salt-of-16-chars")) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(most) == 32
    assert max(most) <= settings.KUNJAE_PASSWORD_HASHES_PARALLEL
