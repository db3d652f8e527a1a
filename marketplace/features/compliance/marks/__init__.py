"""What stands beside a rate and never enters it: offenses, earlier records, the rows behind a month."""
