"""Faults on purpose: processes killed, calls refused, disks full, power cut."""
