"""What every pipeline is made with; it knows none of them."""
