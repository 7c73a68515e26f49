"""What every reader ends with: raw parts of a record become canonical ones, and gaps are filled."""
