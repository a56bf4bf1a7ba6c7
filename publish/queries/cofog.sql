with recursive class(concept, above) as (   -- each COFOG concept, then those above it
  select concept, concept from cofog
  union all
  select c.concept, x.parent from class c join cofog x on x.concept = c.above
)
select s.department_name as department, s.fiscal_year as year, s.phase, g.code as cofog,
       g.name_en as name, printf('%.2f', sum(s.amount_fen) / 100.0) as amount_yuan
from spending s
join expenditure_function x on x.concept = s.function
join class c on c.concept = x.cofog
join cofog g on g.concept = c.above and g.level = 1
group by s.department_name, s.fiscal_year, s.phase, g.code
order by department, year, sum(s.amount_fen) desc
