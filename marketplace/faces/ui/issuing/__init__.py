"""Reports that are issued: choosing whose, showing one, taking it out."""
