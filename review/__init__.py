"""Judge generated CloudFormation: read an assembly's files, show what it does, gate what it may do.

The package reads files only. It knows no stack, no name and no setting of any one application.
"""
