with concept(list, concept, year, code, name) as (
  select list, concept, year, code, name from expenditure_function
  union all
  select list, concept, year, code, name from expenditure_economic_department
)
select a.code as code_before, a.name as name_before, a.year as last_year,
       b.code as code_after, b.name as name_after, b.year as first_year, c.kind
from code_changes c
join concept a on a.list = c.list and a.concept = c.from_concept
join concept b on b.list = c.list and b.concept = c.to_concept
order by code_before, last_year, code_after
