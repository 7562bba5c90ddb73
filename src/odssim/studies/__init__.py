"""Many runs: batches in a store, sensitivity, calibration."""
