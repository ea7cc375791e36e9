//! The accessibility tree of a running program, read over D-Bus as a screen reader does (AT-SPI 2).

use std::collections::HashMap;

use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};
use zbus::{Address, Connection, connection};

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const ROOT: &str = "/org/a11y/atspi/accessible/root";
const REGISTRY: &str = "org.a11y.atspi.Registry";
/// `ATSPI_COORD_TYPE_SCREEN`; only differences to the window's own place are used.
const ON_SCREEN: u32 = 0;

/// Something on the screen that has a name.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    /// `AtspiRole`, a number of the protocol.
    pub(crate) role: u32,
    /// From the window's left top corner: left, top, width, height.
    pub(crate) rect: [i32; 4],
    object: Object,
}

/// A name on the bus and an object there.
type Object = (String, OwnedObjectPath);

/// The bus on which accessible programs answer.
pub(crate) struct Accessibility {
    bus: Connection,
}

impl Accessibility {
    /// Says on a session bus that a screen reader runs, and finds the bus of accessible programs.
    pub(crate) fn new(session: &str) -> zbus::Result<Self> {
        async_io::block_on(async {
            let session = connect(session).await?;
            let status = |name| {
                let arguments = ("org.a11y.Status", name, Value::from(true));
                let (to, at, interface) =
                    ("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties");
                let session = &session;
                async move { session.call_method(Some(to), at, Some(interface), "Set", &arguments).await }
            };
            status("IsEnabled").await?;
            status("ScreenReaderEnabled").await?;
            let answer = session
                .call_method(Some("org.a11y.Bus"), "/org/a11y/bus", Some("org.a11y.Bus"), "GetAddress", &())
                .await?;
            let address: String = answer.body().deserialize()?;
            Ok(Self { bus: connect(&address).await? })
        })
    }

    /// Everything that has a name in the windows of every program on the bus, in the order of the tree.
    ///
    /// What goes away while the tree is read is left out.
    pub(crate) fn nodes(&self) -> Vec<Node> {
        async_io::block_on(async {
            let registry = (REGISTRY.to_owned(), OwnedObjectPath::try_from(ROOT).expect("a path"));
            let mut found = Vec::new();
            for program in self.children(&registry).await.unwrap_or_default() {
                for window in self.children(&program).await.unwrap_or_default() {
                    if let Ok([x, y, ..]) = self.extents(&window).await {
                        self.collect(window, (x, y), &mut found).await;
                    }
                }
            }
            found
        })
    }

    async fn collect(&self, root: Object, origin: (i32, i32), found: &mut Vec<Node>) {
        let mut open = vec![root];
        while let Some(object) = open.pop() {
            if let (Ok(name), Ok(role), Ok([x, y, width, height])) =
                (self.name(&object).await, self.role(&object).await, self.extents(&object).await)
                && !name.is_empty()
            {
                let rect = [x - origin.0, y - origin.1, width, height];
                found.push(Node { name, role, rect, object: object.clone() });
            }
            open.extend(self.children(&object).await.unwrap_or_default().into_iter().rev());
        }
    }

    /// What is written in a field.
    pub(crate) fn text(&self, node: &Node) -> zbus::Result<String> {
        async_io::block_on(async {
            self.call(&node.object, "org.a11y.atspi.Text", "GetText", &(0, -1)).await?.body().deserialize()
        })
    }

    /// Whether a node has the keyboard: bit 12 (`ATSPI_STATE_FOCUSED`) of its states.
    pub(crate) fn is_focused(&self, node: &Node) -> bool {
        let states: zbus::Result<Vec<u32>> = async_io::block_on(async {
            self.call(&node.object, ACCESSIBLE, "GetState", &()).await?.body().deserialize()
        });
        states.is_ok_and(|states| states.first().is_some_and(|bits| bits & (1 << 12) != 0))
    }

    async fn children(&self, object: &Object) -> zbus::Result<Vec<Object>> {
        self.call(object, ACCESSIBLE, "GetChildren", &()).await?.body().deserialize()
    }

    async fn role(&self, object: &Object) -> zbus::Result<u32> {
        self.call(object, ACCESSIBLE, "GetRole", &()).await?.body().deserialize()
    }

    async fn extents(&self, object: &Object) -> zbus::Result<[i32; 4]> {
        let answer = self.call(object, "org.a11y.atspi.Component", "GetExtents", &ON_SCREEN).await?;
        let (x, y, width, height) = answer.body().deserialize()?;
        Ok([x, y, width, height])
    }

    async fn name(&self, object: &Object) -> zbus::Result<String> {
        let properties = "org.freedesktop.DBus.Properties";
        let answer = self.call(object, properties, "GetAll", &ACCESSIBLE).await?;
        let all: HashMap<String, OwnedValue> = answer.body().deserialize()?;
        let name = all.get("Name").and_then(|name| name.downcast_ref::<String>().ok());
        Ok(name.unwrap_or_default())
    }

    async fn call<A>(
        &self,
        (to, at): &Object,
        interface: &str,
        method: &str,
        arguments: &A,
    ) -> zbus::Result<zbus::Message>
    where
        A: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.bus.call_method(Some(to.as_str()), at, Some(interface), method, arguments).await
    }
}

async fn connect(address: &str) -> zbus::Result<Connection> {
    connection::Builder::address(address.parse::<Address>()?)?.build().await
}
