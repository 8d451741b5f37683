"""One file per Lambda function, thin: each makes its bot once, and calls it."""
