"""moto and ministack, which answer what has no service here, and what is done to them."""
