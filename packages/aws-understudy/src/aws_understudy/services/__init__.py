"""A folder for each service: its API, its CloudFormation types, its rows of fidelity."""
