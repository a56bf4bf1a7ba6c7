select f.department_name as department, f.fiscal_year as year, f.phase, amount_fen / 100.0 as three_public_yuan
from figures f join budgets using (budget)
where code = 'three-public' and part_of is null
order by department, year, f.phase
