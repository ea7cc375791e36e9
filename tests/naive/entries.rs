//! The wallet of an EnvoyFilter: each filter of the chain owns one entry of `spec.configPatches` (`policy.md`).

use billfold::model::{ComponentId, FieldPath, Map, Value};
use billfold::yaml;

use super::Evaluation;
use super::definition::Handler;
use super::document::{FILTER, at, clean_up, is, list_at, name, path, remove, set, text_at, url};
use super::field::{Field, Past, write};
use super::record::{Made, NOTHING, Record, Wrote};
use super::validate::Claim;
use super::value::{Type, as_text, mapping};

const WASM: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";
const STRING_VALUE: &str = "type.googleapis.com/google.protobuf.StringValue";
const STRUCT: &str = "type.googleapis.com/google.protobuf.Struct";
const MOUNTS: &str = "/var/local/lib/wasm-filters/";

const LIST: &str = "configuration.spec.configPatches";
const NAME: &str = "patch.value.name";
const CONFIG: &str = "patch.value.typed_config.config.configuration";
const CONFIG_VALUE: &str = "patch.value.typed_config.config.configuration.value";
const ROOT_ID: &str = "patch.value.typed_config.config.root_id";
const CODE: &str = "patch.value.typed_config.config.vm_config.code";
const LOCAL: &str = "patch.value.typed_config.config.vm_config.code.local";
const FILE: &str = "patch.value.typed_config.config.vm_config.code.local.filename";

/// What a filter gives to its entry.
struct Given {
    url: String,
    config: Option<Value>,
    root_id: Option<Value>,
}

/// `None`: it has no module, or a config that is neither text nor mapping.
fn given(filter: Option<&Value>) -> Option<Given> {
    let filter = filter.filter(|it| is(it, FILTER))?;
    let field = |key: &str| at(filter, &format!("configuration.{key}")).filter(|value| !value.is_blank());
    let config = field("config").cloned();
    if config.as_ref().is_some_and(|config| as_string(config).is_none()) {
        return None;
    }
    Some(Given { url: url(filter)?.to_owned(), config, root_id: field("pluginName").map(as_text) })
}

/// A config as Envoy's `StringValue` takes it.
fn as_string(config: &Value) -> Option<Value> {
    match config {
        Value::Text(_) => Some(config.clone()),
        Value::Map(_) => Some(yaml::emit_json_compact(config).into()),
        _ => None,
    }
}

/// The path of a `file:` URL.
fn file_of_url(url: &str) -> Option<&str> {
    url.trim().strip_prefix("file://").filter(|path| path.starts_with('/'))
}

fn wrapped(text: Option<Value>) -> Option<Value> {
    text.map(|text| Value::from([("@type", STRING_VALUE.into()), ("value", text)]))
}

fn is_wasm(entry: &Value) -> bool {
    text_at_type(entry) == Some(WASM)
}

fn text_at_type(entry: &Value) -> Option<&str> {
    at(entry, "patch.value.typed_config.@type").and_then(Value::as_text)
}

/// Where the code of an entry comes from, as a URL.
fn source(entry: &Value) -> Option<String> {
    let file = text_at(entry, FILE).map(|file| format!("file://{file}"));
    file.or_else(|| text_at(at(entry, CODE)?, "remote.http_uri.uri").map(str::to_owned))
}

/// Tells whether an entry runs what this filter is, with the same configuration.
fn runs(entry: &Value, filter: &Value) -> bool {
    let Some(url) = url(filter) else { return false };
    let mounted =
        name(filter).filter(|_| file_of_url(url).is_none()).map(|name| format!("file://{MOUNTS}{name}.wasm"));
    let source = source(entry);
    let is_code = source.as_deref() == Some(url) || (source.is_some() && source == mounted);
    let config = at(filter, "configuration.config").filter(|config| !config.is_blank());
    let present = at(entry, CONFIG_VALUE).filter(|value| !value.is_blank());
    let kind = at(entry, CONFIG).and_then(|wrapper| at(wrapper, "@type")).and_then(Value::as_text);
    let is_config = match (config, present) {
        (None, None) => true,
        (Some(config), Some(Value::Text(text))) if kind.is_none_or(|kind| kind == STRING_VALUE) => {
            as_string(config).as_ref().and_then(Value::as_text) == Some(text)
        }
        (Some(config), Some(Value::Map(map))) if kind == Some(STRUCT) => {
            as_string(config).is_some()
                && mapping(config)
                    .is_some_and(|config| Value::Map(config).equivalent(&Value::Map(map.clone())))
        }
        _ => false,
    };
    is_code && is_config
}

/// Tells whether an entry holds the whole group of a filter: what it runs, and the root id.
pub(crate) fn holds_group_of(entry: &Value, filter: &Value) -> bool {
    let root_id = at(filter, "configuration.pluginName").filter(|id| !id.is_blank()).map(as_text);
    let is_root_id = text_at(entry, ROOT_ID) == root_id.as_ref().and_then(Value::as_text);
    is_wasm(entry) && at(entry, NAME).and_then(Value::as_text).is_some() && runs(entry, filter) && is_root_id
}

/// The record of a filter that goes on in an entry which was there.
pub(crate) fn joined_record(entry: &Value) -> Record {
    let code = if text_at(entry, FILE).is_some() || at(entry, FILE).and_then(Value::as_text).is_some() {
        FILE
    } else {
        CODE
    };
    let fields = [code, CONFIG_VALUE, ROOT_ID].into_iter().filter_map(|field| {
        let value = at(entry, field).filter(|value| !value.is_blank())?;
        Some(Wrote { path: path(field), value: Some(value.clone()), ..Wrote::default() })
    });
    let patch = at(entry, NAME).and_then(Value::as_text).map(str::to_owned);
    Record { wrote: fields.collect(), patch, ..Record::default() }
}

pub(crate) fn entries(wallet: &Value) -> &[Value] {
    list_at(wallet, LIST)
}

/// A filter of the chain, its record, and the place of its entry.
struct Seat<'d> {
    claim: Claim<'d>,
    record: Record,
    place: Option<usize>,
}

fn free(wanted: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while is_taken(&name) {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    name
}

impl Evaluation<'_, '_> {
    pub(crate) fn settle_entries(&mut self, wallet: ComponentId) {
        let claims = self.claims_on(wallet, Handler::Entry);
        let gone = self.gone_from(wallet, Handler::Entry);
        let Some(mut component) = self.document.component(wallet).cloned() else { return };
        let mut seats: Vec<Seat<'_>> = Vec::new();
        for claim in &claims {
            let mut record = self.record(claim);
            if record == Record::default() {
                // Taken out and joined anew in one gesture, it goes on with what it had.
                let former = gone.now.iter().find(|gone| gone.claim.from == claim.from);
                record = former.map(|gone| gone.record.clone()).unwrap_or_default();
            }
            seats.push(Seat { claim: *claim, record, place: None });
        }
        for gone in &gone.now {
            let goes_on = |seat: &Seat<'_>| seat.record == gone.record && seat.claim.from == gone.claim.from;
            if !seats.iter().any(goes_on) {
                release(&mut component, &gone.record, &mut seats);
            }
        }
        self.find_entries(wallet, &component, &mut seats);
        for index in 0..seats.len() {
            let filter = seats[index].claim.from;
            let given = given(self.document.component(filter));
            match (given, seats[index].place) {
                (Some(given), Some(place)) => {
                    let gave = self.before.component(filter).cloned();
                    let filter = self.document.component(filter).cloned().unwrap_or_default();
                    write_entry(&mut component, &mut seats[index], place, &given, &filter, gave.as_ref());
                }
                (Some(given), None) => {
                    let filter = self.document.component(filter).cloned().unwrap_or_default();
                    make_entry(&mut component, &mut seats, index, &given, &filter);
                }
                (None, Some(place)) => {
                    restore(&mut component, place, &seats[index].record.clone());
                    seats[index].record.wrote.clear();
                }
                (None, None) => {}
            }
        }
        // The entries of the chain stand in its order, in the places that they hold together.
        let held: Vec<usize> = seats.iter().filter_map(|seat| seat.place).collect();
        let values: Vec<Value> =
            held.iter().filter_map(|place| entries(&component).get(*place).cloned()).collect();
        let mut places = held;
        places.sort_unstable();
        for (place, value) in places.into_iter().zip(values) {
            write(&mut component, &path(LIST).child(place), Some(&value));
        }
        self.replace(wallet, component);
        for seat in &seats {
            self.keep_record(&seat.claim, &seat.record);
        }
    }

    /// By the name in the record, else by what runs there.
    fn find_entries(&self, wallet: ComponentId, component: &Value, seats: &mut [Seat<'_>]) {
        let mut taken = Vec::new();
        for seat in seats.iter_mut() {
            let place = seat.record.patch.as_deref().and_then(|name| entry_named(component, name));
            seat.place = place.filter(|place| !taken.contains(place));
            taken.extend(seat.place);
        }
        for seat in seats.iter_mut().filter(|seat| seat.place.is_none()) {
            let has_just_come = seat.record.patch.is_none()
                && !self.was_there(&seat.claim)
                && self.before.component(wallet).is_some();
            let Some(filter) = self.document.component(seat.claim.from).filter(|_| !has_just_come) else {
                continue;
            };
            let fits = |(place, entry): &(usize, &Value)| {
                !taken.contains(place)
                    && is_wasm(entry)
                    && text_at(entry, NAME).is_some()
                    && runs(entry, filter)
            };
            if let Some((place, entry)) = entries(component).iter().enumerate().find(fits) {
                seat.record = joined_record(entry);
                seat.place = Some(place);
                taken.push(place);
            }
        }
    }
}

fn entry_named(component: &Value, name: &str) -> Option<usize> {
    entries(component)
        .iter()
        .position(|it| is_wasm(it) && at(it, NAME).and_then(Value::as_text) == Some(name))
}

/// An entry whose filter is gone: one that was made goes, another gets back what stood there.
fn release(component: &mut Value, record: &Record, seats: &mut [Seat<'_>]) {
    let Some(place) = record.patch.as_deref().and_then(|name| entry_named(component, name)) else { return };
    if !record.made {
        restore(component, place, record);
        return;
    }
    let path = path(LIST).child(place);
    remove(component, &path);
    if record.made_around > NOTHING {
        // The list that was made for it goes with the last entry that was made.
        match seats.iter_mut().find(|seat| seat.record.made) {
            Some(seat) => seat.record.made_around = seat.record.made_around.max(record.made_around),
            None => clean_up(component, &path, record.made_around),
        }
    }
}

fn restore(component: &mut Value, place: usize, record: &Record) {
    let mut emptied = Vec::new();
    for wrote in &record.wrote {
        let path = path(LIST).child(place).join(&wrote.path);
        let present = component.get(&path).cloned();
        let field = Field {
            of: Type::Anything,
            path: &wrote.path,
            present,
            recorded: Some(wrote),
            past: Past::Recorded,
            default: None,
        };
        let verdict = field.given_back();
        if write(component, &path, verdict.value.as_ref()).is_some() {
            // In an entry that was made, nothing empty is left behind: the file stands in two mappings, the config in one.
            let is_file = wrote.path == self::path(FILE);
            let around = match (record.made, is_file, wrote.path == self::path(ROOT_ID)) {
                (true, true, _) => 2,
                (true, false, false) => 1,
                _ => 0,
            };
            emptied.push((path, verdict.clean_up.max((around, false))));
        }
    }
    for (path, made) in emptied {
        clean_up_wrapped(component, &path, made);
    }
}

/// A wrapper of which nothing but its type is left counts as empty.
fn clean_up_wrapped(component: &mut Value, path: &FieldPath, made: Made) {
    let wrapper = path.parent().unwrap_or_default();
    let is_bare = component
        .get(&wrapper)
        .and_then(Value::as_map)
        .is_some_and(|it| it.len() == 1 && it.contains_key("@type"));
    if made > NOTHING && is_bare {
        remove(component, &wrapper.child("@type"));
    }
    clean_up(component, path, made);
}

fn recorded_file(record: &Record) -> Option<String> {
    let of_wrote = |wrote: &Wrote| {
        let value = wrote.value.as_ref()?;
        let itself = value.as_text().filter(|_| wrote.path == path(FILE));
        let inside = at(value, "filename").or_else(|| at(value, "local.filename")).and_then(Value::as_text);
        itself.or(inside).map(str::to_owned)
    };
    record.wrote.iter().find_map(of_wrote)
}

fn filter_name(filter: &Value) -> String {
    name(filter).unwrap_or_else(|| "wasm-filter".to_owned()).replace('/', "-")
}

/// The file that an entry runs: that of a `file:` URL, else where the module is mounted; a place that it has is kept.
fn file_for(
    component: &Value,
    record: &Record,
    given: &Given,
    filter: &Value,
    present: Option<&str>,
) -> Value {
    if let Some(file) = file_of_url(&given.url) {
        return file.into();
    }
    if let Some(file) = recorded_file(record).filter(|file| file.starts_with(MOUNTS)) {
        return file.into();
    }
    let mounted = |name: &str| format!("{MOUNTS}{name}.wasm");
    let wanted = filter_name(filter);
    if present == Some(mounted(&wanted).as_str()) {
        return mounted(&wanted).into();
    }
    let is_taken = |name: &str| {
        entries(component)
            .iter()
            .any(|it| at(it, FILE).and_then(Value::as_text) == Some(mounted(name).as_str()))
    };
    mounted(&free(&wanted, is_taken)).into()
}

fn write_entry(
    component: &mut Value,
    seat: &mut Seat<'_>,
    place: usize,
    given: &Given,
    filter: &Value,
    gave: Option<&Value>,
) {
    let entry = entries(component)[place].clone();
    let record = seat.record.clone();
    let fields = [
        code_field(component, &entry, &record, given, filter),
        config_field(&entry, &record, given.config.as_ref()),
        (ROOT_ID, given.root_id.clone(), Type::Text),
    ];
    let (mut wrote, mut tacit) = (Vec::new(), Vec::new());
    for (keys, value, of) in fields {
        let (relative, absolute) = (path(keys), path(LIST).child(place).join(&path(keys)));
        let gave = values_given(gave, keys);
        let recorded = record.about(&relative);
        let field = Field {
            of,
            path: &relative,
            present: component.get(&absolute).cloned(),
            recorded,
            past: if record.wrote.is_empty() { Past::Gave(&gave) } else { Past::Recorded },
            default: None,
        };
        let verdict = field.owned(value.as_ref());
        let Some(made) = write(component, &absolute, verdict.value.as_ref()) else { continue };
        let made = made.max(recorded.map_or(NOTHING, |wrote| wrote.made));
        let mut is_cleared = false;
        if keys == CONFIG_VALUE && value.is_some() {
            let wrapper = absolute.parent().unwrap_or_default();
            if component.get(&wrapper).and_then(Value::as_map).is_some_and(|map| !map.contains_key("@type")) {
                set(component, &wrapper.child("@type"), STRING_VALUE.into());
            }
        } else if keys == CONFIG_VALUE && (made > NOTHING || record.made) {
            is_cleared = true;
            clean_up_wrapped(component, &absolute, made.max((1, false)));
        }
        if let Some(mut record_of_field) = verdict.record {
            // An entry that was made goes as a whole, whatever was made inside it.
            record_of_field.made = if is_cleared || record.made { NOTHING } else { made };
            if record_of_field.says_something() {
                if verdict.is_tacit { tacit.push(record_of_field) } else { wrote.push(record_of_field) }
            }
        }
    }
    if !wrote.is_empty() {
        wrote.extend(tacit);
    }
    seat.record.wrote = wrote;
}

/// What the filter may have given to a field when the evaluation began.
fn values_given(filter: Option<&Value>, keys: &str) -> Vec<Option<Value>> {
    let (Some(filter), Some(given)) = (filter, given(filter)) else { return Vec::new() };
    match keys {
        ROOT_ID => vec![given.root_id],
        CONFIG_VALUE => vec![given.config.as_ref().and_then(as_string), given.config],
        FILE => {
            let mounted = name(filter).map(|name| Value::from(format!("{MOUNTS}{name}.wasm")));
            vec![file_of_url(&given.url).map(Value::from).or(mounted)]
        }
        _ => Vec::new(),
    }
}

fn code_field(
    component: &Value,
    entry: &Value,
    record: &Record,
    given: &Given,
    filter: &Value,
) -> (&'static str, Option<Value>, Type) {
    let has = |keys: &str| record.about(&path(keys)).is_some();
    let present = at(entry, FILE).and_then(Value::as_text);
    if present.is_none() && source(entry).as_deref() == Some(&given.url) {
        return (CODE, at(entry, CODE).cloned(), Type::Anything);
    }
    let file = file_for(component, record, given, filter, present);
    let in_local = || Value::from([("filename", file.clone())]);
    let is_remote = at(entry, CODE).is_some_and(|code| at(code, "remote").is_some());
    if has(CODE) || is_remote && !has(FILE) {
        return (CODE, Some(Value::from([("local", in_local())])), Type::Anything);
    }
    let inline = ["inline_bytes", "inline_string", "environment_variable"];
    let is_inline = at(entry, LOCAL).is_some_and(|local| inline.iter().any(|key| at(local, key).is_some()));
    if has(LOCAL) || is_inline && !has(FILE) {
        return (LOCAL, Some(in_local()), Type::Anything);
    }
    (FILE, Some(file), Type::Text)
}

fn config_field(
    entry: &Value,
    record: &Record,
    config: Option<&Value>,
) -> (&'static str, Option<Value>, Type) {
    let text = config.and_then(as_string);
    if record.about(&path(CONFIG)).is_some() {
        return (CONFIG, wrapped(text), Type::Anything);
    }
    let (wrapper, present) = (at(entry, CONFIG), at(entry, CONFIG_VALUE).filter(|value| !value.is_blank()));
    let kind = wrapper.and_then(|wrapper| at(wrapper, "@type")).and_then(Value::as_text);
    let (Some(present), Some(config)) = (present, config) else { return (CONFIG_VALUE, text, Type::Text) };
    match (kind, present) {
        (None | Some(STRING_VALUE), Value::Text(_)) => (CONFIG_VALUE, text, Type::Text),
        (Some(STRUCT), Value::Map(_)) => match mapping(config) {
            Some(map) => (CONFIG_VALUE, Some(Value::Map(map)), Type::Anything),
            None => (CONFIG, wrapped(text), Type::Anything),
        },
        _ if record.about(&path(CONFIG_VALUE)).is_none() => (CONFIG, wrapped(text), Type::Anything),
        _ => (CONFIG_VALUE, text, Type::Text),
    }
}

/// Behind the entry of the filter before it, else before that of the one behind it, else at the end.
fn make_entry(component: &mut Value, seats: &mut [Seat<'_>], index: usize, given: &Given, filter: &Value) {
    let behind = seats[..index].iter().rev().find_map(|seat| seat.place).map(|place| place + 1);
    let before = seats[index + 1..].iter().find_map(|seat| seat.place);
    let place = behind.or(before).unwrap_or(entries(component).len());
    let own = name(component).unwrap_or_else(|| "envoy-filter".to_owned());
    let is_taken =
        |name: &str| entries(component).iter().any(|it| at(it, NAME).and_then(Value::as_text) == Some(name));
    let entry_name = free(&format!("{own}.{}", filter_name(filter)), is_taken);
    let file = file_for(component, &seats[index].record, given, filter, None);
    let value = new_entry(&entry_name, given, &file);
    let list = path(LIST);
    let made = if let Some(Value::List(items)) = component.get_mut(&list) {
        items.insert(place, value.clone());
        NOTHING
    } else {
        let mut changed = component.clone();
        let Some(made) = set(&mut changed, &list.child(place), value.clone()) else { return };
        *component = changed;
        made
    };
    for other in seats.iter_mut().filter_map(|seat| seat.place.as_mut()).filter(|other| **other >= place) {
        *other += 1;
    }
    let wrote = [FILE, CONFIG_VALUE, ROOT_ID].into_iter().filter_map(|keys| {
        let value = Some(at(&value, keys)?.clone());
        Some(Wrote { path: path(keys), value, ..Wrote::default() })
    });
    seats[index].record =
        Record { wrote: wrote.collect(), patch: Some(entry_name), made: true, made_around: made };
    seats[index].place = Some(place);
}

fn new_entry(name: &str, given: &Given, file: &Value) -> Value {
    let entry = "{applyTo: HTTP_FILTER, match: {context: SIDECAR_INBOUND, listener: {filterChain: {filter: {name: \
                 envoy.filters.network.http_connection_manager, subFilter: {name: envoy.filters.http.router}}}}}, \
                 patch: {operation: INSERT_BEFORE, value: {}}}";
    let mut entry =
        yaml::parse(entry).ok().and_then(yaml::Parsed::into_first).map(|it| it.value).unwrap_or_default();
    let mut config = Map::new();
    if let Some(text) = wrapped(given.config.as_ref().and_then(as_string)) {
        config.insert("configuration", text);
    }
    if let Some(root_id) = &given.root_id {
        config.insert("root_id", root_id.clone());
    }
    for (keys, value) in [
        (NAME, Value::from(name)),
        ("patch.value.typed_config.@type", WASM.into()),
        ("patch.value.typed_config.config", Value::Map(config)),
        ("patch.value.typed_config.config.vm_config.runtime", "envoy.wasm.runtime.v8".into()),
        (FILE, file.clone()),
    ] {
        set(&mut entry, &path(keys), value);
    }
    entry
}
