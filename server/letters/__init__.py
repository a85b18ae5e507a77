"""Letters, mails and text messages from a template and the data of a case."""
