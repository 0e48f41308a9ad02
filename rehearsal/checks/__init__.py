"""What is compared with what a platform answered: a second way to the same figures."""
