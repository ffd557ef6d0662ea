"""While a text is being written: who has it in hand, and what has been typed but not saved."""
