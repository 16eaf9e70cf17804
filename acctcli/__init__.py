"""acctcli: customers after the sale, over plain YAML files."""

__version__ = "0.1.0"
