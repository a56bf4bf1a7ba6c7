select b.department_name as department, b.fiscal_year as year, b.phase,
       printf('%.2f', x.amount_fen / 100.0) as basic_yuan, printf('%.2f', z.amount_fen / 100.0) as total_yuan,
       round(1000.0 * x.amount_fen / z.amount_fen) / 10 as percent
from budgets b
join figures x on x.budget = b.budget and x.code = 'basic'
join figures z on z.budget = b.budget and z.code = 'expenditure-total'
where z.amount_fen > 0 and b.part_of is null
order by percent desc, department, year
