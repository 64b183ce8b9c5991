"""What is true of households, parcels, trees, measurements and the programme; pure."""
