"""CloudFormation resource types that ministack lacks, carried by API calls to the emulator."""
