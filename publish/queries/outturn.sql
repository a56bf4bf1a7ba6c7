select d.name as department, e.fiscal_year as year, i.name as item,
       printf('%.2f', b.amount_fen / 100.0) as budget_yuan, printf('%.2f', e.amount_fen / 100.0) as outturn_yuan,
       printf('%.2f', (e.amount_fen - b.amount_fen) / 100.0) as difference_yuan
from facts e
join facts b on b.department = e.department and b.fiscal_year = e.fiscal_year
            and b."table" = e."table" and b."column" = e."column" and b.item = e.item
join items i on i.code = e.item
join departments d on d.department = e.department
where e.phase = 'executed' and b.phase = 'approved' and e."table" = 'three-public-expenses'
  and e.document not in (select subject from links where kind = 'part-of')
  and b.document not in (select subject from links where kind = 'part-of')
order by department, year, e.amount_fen - b.amount_fen, item
