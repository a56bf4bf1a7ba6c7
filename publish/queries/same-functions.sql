with recursive same(later, earlier) as (   -- a code with itself in the lists of earlier years
  select subject, object from links
  where kind = 'same-code' and subject_type = 'code/expenditure-function'
  union
  select s.later, l.object from same s
  join links l on l.subject = s.earlier
   and l.kind = 'same-code' and l.subject_type = 'code/expenditure-function'
)
select d.name as department, b.functional_code as code, x.name as name,
       a.fiscal_year as from_year, b.fiscal_year as to_year,
       a.amount_fen / 100.0 as before_yuan, b.amount_fen / 100.0 as after_yuan,
       (b.amount_fen - a.amount_fen) / 100.0 as change_yuan
from same s
join facts a on a.function = s.earlier
join facts b on b.function = s.later and b.department = a.department and b.phase = a.phase
            and b."table" = a."table" and b."column" = a."column"
join expenditure_function x on x.concept = b.function
join departments d on d.department = b.department
where a."table" = 'general-budget-expenditure' and a."column" = 'total'
  and a.row_type = 'detail' and b.row_type = 'detail'
  and a.document not in (select subject from links where kind = 'part-of')
  and b.document not in (select subject from links where kind = 'part-of')
order by abs(change_yuan) desc, code, from_year
