"""Backups, the deep check, upgrades with data, a read replica: that nothing is lost."""
