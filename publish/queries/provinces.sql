with place(department, concept) as (        -- each department's division, and those above it
  select department, division_concept from departments
  union
  select d.department, l.object from departments d
  join links l on l.kind = 'within' and l.subject = d.division_concept
)
select a.name as province, f.fiscal_year as year, f.phase,
       count(distinct f.department) as departments, sum(f.amount_fen) as total_fen
from facts f
join place p on p.department = f.department
join administrative_division a on a.concept = p.concept and a.level = 1
where f."table" = 'expenditure-summary' and f.column_total is null and f."column" = 'total'
  and f.document not in (select subject from links where kind = 'part-of')
group by a.name, f.fiscal_year, f.phase
order by province, year, f.phase
