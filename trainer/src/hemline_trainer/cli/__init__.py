"""The commands, one a file: each reads its options, calls the steps and says what came of it."""
