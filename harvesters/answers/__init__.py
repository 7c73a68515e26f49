"""What came is read: strictly, after named repairs, whole records around a broken one."""
