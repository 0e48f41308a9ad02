"""The back ends: moto and ministack, which answer where no service of ours does."""
