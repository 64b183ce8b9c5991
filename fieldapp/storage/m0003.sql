UPDATE household_current SET kinds = coalesce((
  SELECT json_group_array(json_array(species, equation_id, flags, n, mg, squared, half_squared)) FROM (
    SELECT household_id, coalesce(species, '') species, equation_id, flags, count(*) n,
      sum(cast(round(co2e_kg * 1e6) AS INTEGER)) mg,
      total(round(co2e_kg * 1e6) * round(co2e_kg * 1e6)) squared,
      total((round(co2e_high_kg * 1e6) - round(co2e_kg * 1e6)) * (round(co2e_high_kg * 1e6) - round(co2e_kg * 1e6)))
        half_squared
    FROM tree_current WHERE counted = 1 AND co2e_kg IS NOT NULL AND household_id IS NOT NULL
    GROUP BY household_id, coalesce(species, ''), equation_id, flags ORDER BY 2, 3, 4
  ) s WHERE s.household_id = household_current.household_id
), '[]')
