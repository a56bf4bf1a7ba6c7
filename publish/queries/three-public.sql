select department_name as department, fiscal_year as year, phase,
       printf('%.2f', amount_fen / 100.0) as three_public_yuan
from figures
where code = 'three-public' and part_of is null
order by department, year, phase
