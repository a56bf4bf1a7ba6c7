with part(document) as (              -- of units: the department's figures include theirs
  select subject from links where kind = 'part-of'
), running as (
  select department, fiscal_year, phase, amount_fen as fen from facts
  where "table" = 'general-budget-basic-expenditure' and expenditure_type = 'public'
    and column_total is null and row_type = 'total'
    and document not in (select document from part)
  union all
  select department, fiscal_year, phase, amount_fen from claims
  where subject = 'public' and measure = 'amount'
    and document not in (select document from part)
), most as (
  select department, fiscal_year, phase, max(fen) as fen from running
  group by department, fiscal_year, phase
)
select d.name as department, f.fiscal_year as year, f.phase,
       f.amount_fen as hospitality_fen, m.fen as running_fen,
       round(1000.0 * f.amount_fen / m.fen) / 10 as percent
from facts f
join most m using (department, fiscal_year, phase)
join departments d using (department)
where f."table" = 'three-public-expenses' and f.item = 'hospitality' and f.column_total is null
  and f.document not in (select document from part)
order by percent desc, department, year
