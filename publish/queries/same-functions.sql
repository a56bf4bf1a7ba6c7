with recursive same(later, earlier) as (   -- a code with itself in the lists of earlier years
  select subject, object from links
  where kind = 'same-code' and subject_type = 'code/expenditure-function'
  union
  select s.later, l.object from same s
  join links l on l.subject = s.earlier
   and l.kind = 'same-code' and l.subject_type = 'code/expenditure-function'
), spent as (
  select department, department_name, phase, fiscal_year, function, sum(amount_fen) as fen
  from spending where function is not null
  group by department, department_name, phase, fiscal_year, function
)
select b.department_name as department, x.code, x.name, a.fiscal_year as from_year,
       b.fiscal_year as to_year, printf('%.2f', a.fen / 100.0) as before_yuan, printf('%.2f', b.fen / 100.0) as after_yuan,
       printf('%.2f', (b.fen - a.fen) / 100.0) as change_yuan
from same s
join spent a on a.function = s.earlier
join spent b on b.function = s.later and b.department = a.department and b.phase = a.phase
join expenditure_function x on x.concept = b.function
order by abs(b.fen - a.fen) desc, code, from_year
