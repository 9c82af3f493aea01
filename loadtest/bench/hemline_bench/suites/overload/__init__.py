"""What becomes of questions when there are too many: who is answered, how fast the rest hears, what stays behind."""
