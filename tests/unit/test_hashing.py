"""The password hasher that ships."""

from datetime import timedelta
from threading import Event, Semaphore, Thread

import pytest

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


def test_queue_lets_so_many_wait_and_nobody_else():
    queue, let_go = hashing.Queue(parallel=2, waiting=3), Event()
    came, refused = Semaphore(0), []

    def come():
        came.release()
        try:
            with queue.turn():
                let_go.wait(timeout=10)
        except hashing.QueueFull:
            refused.append(1)

    threads = [Thread(target=come) for _ in range(9)]
    for thread in threads:
        thread.start()
    for _ in threads:
        came.acquire(timeout=10)
    threads[-1].join(timeout=0.5)
    let_go.set()
    for thread in threads:
        thread.join(timeout=10)

    assert len(refused) == 4
    with queue.turn():
        pass


def test_queue_lets_nobody_wait_for_ever(monkeypatch):
    monkeypatch.setattr(hashing, "WAIT_MAX", timedelta(milliseconds=20))
    queue = hashing.Queue(parallel=1, waiting=1)

    with queue.turn(), pytest.raises(hashing.QueueFull), queue.turn():
        pass

    with queue.turn():
        pass


def test_hash_past_the_queue_is_refused_and_not_made_in_another_way(monkeypatch):
    monkeypatch.setattr(hashing, "queue", hashing.Queue(parallel=1, waiting=0))

    with hashing.queue.turn():
        with pytest.raises(hashing.QueueFull):
            hashing.Argon2id().encode("tonmai-suai-mak-27", "salt-of-16-chars")
        with pytest.raises(hashing.QueueFull):
            hashing.Argon2id().verify("tonmai-suai-mak-27", "argon2$argon2id$v=19$m=19456,t=2,p=1$")
