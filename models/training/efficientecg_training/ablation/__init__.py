"""What each part is worth: the record model's 12-lead tasks trained with a part left out, or with another encoder of like size."""
