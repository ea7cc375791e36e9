//! The files that a workload's proxy sees: what is mounted where, and from which ConfigMap.

use super::sidecar_volumes::{MOUNTS, VOLUMES, annotation, pod_metadata, pod_spec, read};
use crate::model::{Component, FieldPath, Value};

/// What the proxy of a workload mounts, by annotation or in a container of its own.
#[derive(Debug, Default)]
pub(super) struct ProxyFiles {
    mounts: Vec<Mount>,
    volumes: Vec<Volume>,
}

#[derive(Debug)]
struct Mount {
    path: String,
    sub_path: String,
    volume: String,
}

/// A volume that the proxy mounts.
#[derive(Debug)]
pub(super) struct Volume {
    name: String,
    /// Where it stands, from the component's root; the annotation, for one that stands in it.
    pub(super) place: FieldPath,
    /// The ConfigMap that it shows, if it shows one.
    pub(super) config_map: Option<ConfigMapVolume>,
}

/// A ConfigMap as a volume.
#[derive(Debug)]
pub(super) struct ConfigMapVolume {
    pub(super) name: String,
    /// Whether pods start without it.
    pub(super) is_optional: bool,
    /// Key and file; `None` when every key is a file of its name.
    pub(super) items: Option<Vec<(String, String)>>,
}

/// What a path leads to.
pub(super) enum Found<'a> {
    /// Nothing is mounted there.
    NoMount,
    /// Something of which nothing more is known.
    Other,
    /// A file of a ConfigMap: the path within it.
    ConfigMap(&'a ConfigMapVolume, String),
}

impl ProxyFiles {
    /// Reads `workload`. `None` when it has no pods to look at.
    pub(super) fn of(workload: &Component) -> Option<Self> {
        let (kind, object) = (workload.kind(), workload.configuration()?);
        let metadata = pod_metadata(kind)?;
        let mut files = Self::default();
        let place = |key: &str| {
            FieldPath::keys(&["configuration"])
                .join(&FieldPath::keys(metadata))
                .child("annotations")
                .child(key)
        };
        let items = |key| annotation(kind, object, key).and_then(|text| read(text).ok()).unwrap_or_default();
        for item in items(VOLUMES) {
            files.volumes.push(Volume::read(item.name, &item.value, place(VOLUMES)));
        }
        for item in items(MOUNTS) {
            files.mount(item.name, &item.value);
        }
        let spec = pod_spec(kind, object);
        let list = |value: Option<&Value>, key| {
            value.and_then(|it| it.at(&[key])).and_then(Value::as_list).unwrap_or_default().to_vec()
        };
        let proxies = list(spec, "containers").into_iter().chain(list(spec, "initContainers"));
        for proxy in proxies.filter(|it| it.text_at(&["name"]) == Some("istio-proxy")) {
            for mount in list(Some(&proxy), "volumeMounts") {
                files.mount(mount.text_at(&["name"]).unwrap_or_default().to_owned(), &mount);
            }
        }
        let keys: &[&str] = if metadata.len() == 1 { &["spec"] } else { &["spec", "template", "spec"] };
        let volumes = FieldPath::keys(&["configuration"]).join(&FieldPath::keys(keys)).child("volumes");
        for (number, volume) in list(spec, "volumes").iter().enumerate() {
            let name = volume.text_at(&["name"]).unwrap_or_default();
            if files.mounts.iter().any(|mount| mount.volume == name) {
                files.volumes.push(Volume::read(name.to_owned(), volume, volumes.child(number)));
            }
        }
        spec.or(Some(&Value::Null).filter(|_| !files.is_empty())).map(|_| files)
    }

    fn is_empty(&self) -> bool {
        self.mounts.is_empty() && self.volumes.is_empty()
    }

    fn mount(&mut self, volume: String, value: &Value) {
        let text = |key| value.text_at(&[key]).unwrap_or_default().trim_end_matches('/').to_owned();
        self.mounts.push(Mount { path: text("mountPath"), sub_path: text("subPath"), volume });
    }

    /// Whether somebody mounts anything.
    pub(super) fn has_mounts(&self) -> bool {
        !self.mounts.is_empty()
    }

    /// The volumes of which a ConfigMap is shown.
    pub(super) fn config_maps(&self) -> impl Iterator<Item = (&Volume, &ConfigMapVolume)> {
        self.volumes.iter().filter_map(|volume| Some((volume, volume.config_map.as_ref()?)))
    }

    /// What stands at `file`, an absolute path.
    pub(super) fn look_up(&self, file: &str) -> Found<'_> {
        let inside = |mount: &Mount| -> Option<String> {
            let rest = file.strip_prefix(mount.path.as_str())?;
            let rest = if rest.is_empty() { rest } else { rest.strip_prefix('/')? };
            let parts = [mount.sub_path.as_str(), rest].into_iter().filter(|part| !part.is_empty());
            Some(parts.collect::<Vec<_>>().join("/"))
        };
        // The innermost mount hides the others.
        let fitting = self.mounts.iter().filter_map(|mount| Some((mount, inside(mount)?)));
        let Some((mount, rest)) = fitting.max_by_key(|(mount, _)| mount.path.len()) else {
            return Found::NoMount;
        };
        let volume = self.volumes.iter().find(|volume| volume.name == mount.volume);
        match volume.and_then(|volume| volume.config_map.as_ref()) {
            Some(config_map) => Found::ConfigMap(config_map, rest),
            None => Found::Other,
        }
    }

    /// Where files of the ConfigMap `name` are seen, or of any one: paths without an end.
    pub(super) fn folders(&self) -> impl Iterator<Item = (&str, Option<&ConfigMapVolume>)> {
        self.mounts.iter().filter(|mount| mount.sub_path.is_empty()).map(|mount| {
            let volume = self.volumes.iter().find(|volume| volume.name == mount.volume);
            (mount.path.as_str(), volume.and_then(|volume| volume.config_map.as_ref()))
        })
    }
}

impl Volume {
    fn read(name: String, value: &Value, place: FieldPath) -> Self {
        let config_map = value.at(&["configMap"]).and_then(|source| {
            let items = source.at(&["items"]).and_then(Value::as_list).filter(|items| !items.is_empty());
            let pair = |item: &Value| {
                Some((item.text_at(&["key"])?.to_owned(), item.text_at(&["path"])?.to_owned()))
            };
            Some(ConfigMapVolume {
                name: source.text_at(&["name"])?.to_owned(),
                is_optional: source.at(&["optional"]).and_then(Value::as_bool).unwrap_or(false),
                items: items.map(|items| items.iter().filter_map(pair).collect()),
            })
        });
        Self { name, place, config_map }
    }
}

impl ConfigMapVolume {
    /// The key whose value is the file at `path` within the volume; `None` when no key is.
    pub(super) fn key_of<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        match &self.items {
            None => Some(path),
            Some(items) => items.iter().find(|(_, file)| file == path).map(|(key, _)| key.as_str()),
        }
    }

    /// The file that the value of `key` is.
    pub(super) fn file_of<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        match &self.items {
            None => Some(key),
            Some(items) => items.iter().find(|(its_key, _)| its_key == key).map(|(_, file)| file.as_str()),
        }
    }
}
