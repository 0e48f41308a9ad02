"""The function's root folder: Lambda imports ``handler`` and ``logic`` from it by their own names."""
