"""The national register of local authorities: its file, how it is compared with what stands, its demos."""
