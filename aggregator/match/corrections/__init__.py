"""What was corrected or withdrawn: notices, the facts a correction replaced, the texts that still carry them."""
