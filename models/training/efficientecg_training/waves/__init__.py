"""The wave model: where P, QRS and T begin and end, lead by lead."""
