"""The doors: one file per Lambda function, thin."""
