select d.name as department, f.fiscal_year as year, f.phase, f.amount_fen as three_public_fen
from facts f join departments d using (department)
where f."table" = 'three-public-expenses' and f.item = 'three-public' and f.column_total is null
  and f.document not in (select subject from links where kind = 'part-of')
order by department, year, phase
