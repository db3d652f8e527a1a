"""Appeals against measures: two instances, each decided by somebody who had no part before."""
