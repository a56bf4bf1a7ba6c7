with recursive class(concept, above) as (   -- each COFOG concept, then those above it
  select concept, concept from cofog
  union all
  select c.concept, x.parent from class c join cofog x on x.concept = c.above
)
select d.name as department, f.fiscal_year as year, f.phase, g.code as cofog, g.name_en as name,
       sum(f.amount_fen) / 100.0 as amount_yuan
from facts f
join departments d using (department)
join expenditure_function x on x.concept = f.function
join class c on c.concept = x.cofog
join cofog g on g.concept = c.above and g.level = 1
where f."table" = 'general-budget-expenditure' and not f.is_total
  and f.document not in (select subject from links where kind = 'part-of')
group by d.name, f.fiscal_year, f.phase, g.code
order by department, year, amount_yuan desc
