"""The root folder of the function: Lambda imports ``handler`` and ``logic`` by their own names."""
