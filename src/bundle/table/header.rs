//! The first row of a table, held against the sets of columns that a profile knows.

use crate::profile::TableRule;

/// The rule with exactly these columns, and for each of its columns which cell it is; or what is wrong with the columns, in words.
pub(super) fn columns<'t>(names: &[String], rules: &'t [TableRule]) -> Result<(&'t TableRule, Vec<usize>), String> {
    let known = |rule: &TableRule| names.iter().filter(|name| rule.columns.iter().any(|column| column.name == **name)).count();
    // Of two that are equally near, the one that the profile names first.
    let nearest = rules.iter().rev().max_by_key(|rule| known(rule));
    let Some(rule) = nearest else {
        return Err("expected a profile that says which columns a table has, found one that says nothing of tables".to_owned());
    };
    let fits = |rule: &'t TableRule| {
        let order: Option<Vec<usize>> = rule.columns.iter().map(|column| names.iter().position(|name| *name == column.name)).collect();
        order.filter(|order| order.len() == names.len()).map(|order| (rule, order))
    };
    let twice: Vec<&str> =
        names.iter().enumerate().filter(|(index, name)| names.iter().take(*index).any(|before| before == *name)).map(name).collect();
    match rules.iter().find_map(fits) {
        Some(found) if twice.is_empty() => Ok(found),
        _ => Err(wrong(names, rule, &twice)),
    }
}

fn name((_, name): (usize, &String)) -> &str {
    name
}

fn wrong(names: &[String], rule: &TableRule, twice: &[&str]) -> String {
    let missing: Vec<&str> = rule.columns.iter().map(|column| column.name.as_str()).filter(|name| !names.iter().any(|own| own == name)).collect();
    let unknown: Vec<&str> = names.iter().map(String::as_str).filter(|name| !rule.columns.iter().any(|column| column.name == *name)).collect();
    let told = [("there twice", twice), ("missing", &missing), ("unknown", &unknown)];
    let told: Vec<String> = told.iter().filter(|(_, names)| !names.is_empty()).map(|(what, names)| format!("{what}: {}", list(names))).collect();
    let expected: Vec<&str> = rule.columns.iter().map(|column| column.name.as_str()).collect();
    format!("expected the columns {}; {}", list(&expected), told.join("; "))
}

/// Names in quotes; of many, the first.
fn list(names: &[&str]) -> String {
    const MOST: usize = 20;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("\"{}\"", name.chars().take(80).collect::<String>())).collect();
    let more = names.len().saturating_sub(MOST);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
