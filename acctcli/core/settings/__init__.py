"""acctcli.yaml to Settings."""
