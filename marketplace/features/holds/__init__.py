"""货款暂缓结算: the disputed amount of a finding, held with reasons, for a while, in open books."""
