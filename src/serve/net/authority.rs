//! A certificate authority that lives as long as the server, and certificates for whatever host a
//! client takes the server for.

use indexmap::IndexMap;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, Error, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, SanType, date_time_ymd,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The most certificates that are kept; more hosts than a client names.
const KEPT: usize = 1024;

/// Signs certificates for any host.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    /// The key of every certificate.
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    /// For clients that name no host: they call an address.
    unnamed: Arc<CertifiedKey>,
    kept: Mutex<IndexMap<String, Arc<CertifiedKey>>>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl Authority {
    /// A new authority, for a server that listens on `address`.
    ///
    /// # Errors
    /// The system has no random numbers for keys.
    pub fn new(address: IpAddr) -> Result<Self, Error> {
        let mut params = params("throttlesim, for tests only");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signing =
            ring::sign::any_ecdsa_type(&der).map_err(|_| Error::KeyGenerationUnavailable)?;
        let addresses = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST), address];
        let mut names = vec![SanType::DnsName("localhost".try_into()?)];
        names.extend(addresses.map(SanType::IpAddress));
        let unnamed = signed(&issuer, &key, &signing, names)?;
        Ok(Self { issuer, key, signing, unnamed, kept: Mutex::default() })
    }

    /// The authority's certificate, for clients to trust \[PEM\].
    #[must_use]
    pub fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for a host; the oldest of many makes room for a new one.
    fn named(&self, host: &str) -> Option<Arc<CertifiedKey>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(host) {
            return Some(Arc::clone(known));
        }
        let name = SanType::DnsName(host.try_into().ok()?);
        let made = signed(&self.issuer, &self.key, &self.signing, vec![name]).ok()?;
        if kept.len() >= KEPT {
            kept.shift_remove_index(0);
        }
        kept.insert(host.to_string(), Arc::clone(&made));
        Some(made)
    }
}

impl ResolvesServerCert for Authority {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            Some(host) => self.named(host),
            None => Some(Arc::clone(&self.unnamed)),
        }
    }
}

/// What all certificates have in common. They are valid for so long because a client may run under
/// a clock that is ahead of ours by years.
fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2120, 1, 1);
    params
}

fn signed(
    issuer: &CertifiedIssuer<'static, KeyPair>,
    key: &KeyPair,
    signing: &Arc<dyn SigningKey>,
    names: Vec<SanType>,
) -> Result<Arc<CertifiedKey>, Error> {
    let mut params = params("throttlesim");
    params.subject_alt_names = names;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let chain: Vec<CertificateDer<'static>> =
        vec![params.signed_by(key, issuer)?.into(), issuer.der().clone()];
    Ok(Arc::new(CertifiedKey::new(chain, Arc::clone(signing))))
}
