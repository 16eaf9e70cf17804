"""The shell: commands, options, errors and exit codes. It has no arithmetic and no YAML in it."""
