select distinct d.name as department, c.fiscal_year as year, c.phase,
       printf('%.2f', a.amount_fen / 100.0) as amount_yuan, printf('%.2f', c.amount_fen / 100.0) as change_yuan,
       round(1000.0 * c.amount_fen / (a.amount_fen - c.amount_fen)) / 10 as growth_percent
from claims c
join claims a on a.document = c.document and a.fiscal_year = c.fiscal_year and a.phase = c.phase
             and a.subject = c.subject and a.measure = 'amount'
join departments d on d.department = c.department
where c.subject = 'general-budget-total' and c.measure = 'change'
  and a.amount_fen > c.amount_fen
  and c.document not in (select subject from links where kind = 'part-of' union select document from revisions)
order by growth_percent desc, department, year
