"""Statistics that know no scenario: intervals, looks at growing data, posteriors, overdispersion."""
