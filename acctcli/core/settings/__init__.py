"""What acctcli.yaml says, from text to typed settings; one module for each part of it."""
