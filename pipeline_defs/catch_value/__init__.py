"""The pipeline that predicts the landed value of a catch."""
