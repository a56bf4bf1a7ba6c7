select d.name as department, t.fiscal_year as year, t.phase,
       b.amount_fen as basic_fen, t.amount_fen as total_fen,
       round(1000.0 * b.amount_fen / t.amount_fen) / 10 as percent
from facts t
join facts b on b.document = t.document and b."table" = t."table" and b."row" = t."row"
join departments d on d.department = t.department
where t."table" = 'expenditure-summary' and t.column_total is null and t."column" = 'total'
  and b."column" = 'basic' and t.amount_fen > 0
  and t.document not in (select subject from links where kind = 'part-of')
order by percent desc, department, year
