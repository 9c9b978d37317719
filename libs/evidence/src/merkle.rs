//! Merkle trees with SHA-256, as RFC 9162 section 2.1 defines them.

use anchorhold_crypto::digest::Sha256;

/// SHA-256 of a leaf or of what is below a node.
pub type Hash = [u8; 32];

/// Most leaves of a tree.
pub const MAX_LEAVES: u32 = 64;
/// Most hashes of a path: one a level.
pub const MAX_PATH: usize = MAX_LEAVES.ilog2() as usize;

/// The hash of a leaf that holds `entry`.
pub fn leaf(entry: &[u8]) -> Hash {
    let mut digest = Sha256::new();
    digest.update(&[0]);
    digest.update(entry);
    digest.finish()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    let mut digest = Sha256::new();
    digest.update(&[1]);
    digest.update(left);
    digest.update(right);
    digest.finish()
}

/// A tree that grows leaf by leaf. Of what it has, it keeps the roots of the largest
/// full subtrees only, one for each bit that is set in the number of leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MerkleTree {
    subtrees: [Hash; MAX_PATH + 1],
    size: u32,
}

impl MerkleTree {
    /// How many leaves it has.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// Whether it can have no more leaves: it has [`MAX_LEAVES`].
    pub fn is_full(&self) -> bool {
        self.size >= MAX_LEAVES
    }

    /// Adds a leaf, unless the tree is full.
    pub fn push(&mut self, leaf: Hash) {
        if self.is_full() {
            return;
        }
        let mut hash = leaf;
        for (level, subtree) in self.subtrees.iter_mut().enumerate() {
            if self.size >> level & 1 == 0 {
                *subtree = hash;
                break;
            }
            hash = node(subtree, &hash);
        }
        self.size = self.size.saturating_add(1);
    }

    /// The root; `None` without leaves.
    pub fn root(&self) -> Option<Hash> {
        let mut root = None;
        for (level, subtree) in self.subtrees.iter().enumerate() {
            if self.size >> level & 1 == 1 {
                root = Some(root.map_or(*subtree, |right| node(subtree, &right)));
            }
        }
        root
    }
}

/// The root of the tree with these leaves; `None` without any, or with too many.
pub fn root(leaves: &[Hash]) -> Option<Hash> {
    if leaves.len() > MAX_LEAVES as usize {
        return None;
    }
    let mut tree = MerkleTree::default();
    leaves.iter().for_each(|leaf| tree.push(*leaf));
    tree.root()
}

/// Gives the hashes that lead from leaf `index` to the root of the tree with these
/// leaves, lowest first, to `sink` (RFC 9162 section 2.1.3.1). Nothing if there is no
/// such leaf.
pub fn path(leaves: &[Hash], index: usize, sink: &mut dyn FnMut(Hash)) {
    if leaves.len() < 2 {
        return;
    }
    // The left subtree is the largest full one that leaves something for the right.
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let beside = match index.checked_sub(left.len()) {
        None => {
            path(left, index, sink);
            right
        }
        Some(index) => {
            path(right, index, sink);
            left
        }
    };
    if let Some(hash) = root(beside) {
        sink(hash);
    }
}

/// Whether `path` leads from `leaf`, which is number `index` of `size`, to `root` (RFC
/// 9162 section 2.1.3.2).
pub fn leads(leaf: Hash, index: u32, size: u32, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut from, mut last) = (index, size - 1);
    let mut hash = leaf;
    for beside in path {
        if last == 0 {
            return false;
        }
        if from & 1 == 1 || from == last {
            hash = node(beside, &hash);
            // Levels at which this subtree has no neighbour.
            while from & 1 == 0 && from != 0 {
                from >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        from >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use std::vec::Vec;

    fn leaves(count: u32) -> Vec<Hash> {
        (0..count).map(|index| leaf(&index.to_le_bytes())).collect()
    }

    /// RFC 9162 section 2.1.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        if let [leaf] = leaves {
            return *leaf;
        }
        let mut split = 1;
        while split * 2 < leaves.len() {
            split *= 2;
        }
        let (left, right) = leaves.split_at(split);
        node(&by_definition(left), &by_definition(right))
    }

    #[test]
    fn a_growing_tree_has_the_defined_root() {
        assert_eq!(root(&[]), None);
        for size in 1..=MAX_LEAVES {
            let leaves = leaves(size);
            assert_eq!(root(&leaves), Some(by_definition(&leaves)), "{size}");
        }
        assert_eq!(root(&leaves(MAX_LEAVES + 1)), None);
    }

    #[test]
    fn a_full_tree_takes_no_more() {
        let mut tree = MerkleTree::default();
        leaves(MAX_LEAVES)
            .into_iter()
            .for_each(|leaf| tree.push(leaf));
        let root = tree.root();
        assert!(tree.is_full());
        tree.push([0; 32]);
        assert_eq!((tree.root(), tree.size()), (root, MAX_LEAVES));
    }

    #[test]
    fn every_path_leads_from_its_leaf_alone() {
        for size in 1..=MAX_LEAVES {
            let leaves = leaves(size);
            let root = root(&leaves).unwrap();
            for index in 0..size {
                let mut path = Vec::new();
                super::path(&leaves, index as usize, &mut |hash| path.push(hash));
                assert!(path.len() <= MAX_PATH);
                let leaf = leaves[index as usize];
                assert!(leads(leaf, index, size, &path, &root), "{index} of {size}");

                let another = leaves[((index + 1) % size) as usize];
                assert!(size == 1 || !leads(another, index, size, &path, &root));
                assert!(size == 1 || !leads(leaf, (index + 1) % size, size, &path, &root));
                assert!(!leads(leaf, size, size, &path, &root));
                for wrong in 0..path.len() {
                    path[wrong][0] ^= 1;
                    assert!(!leads(leaf, index, size, &path, &root));
                    path[wrong][0] ^= 1;
                }
                path.push([0; 32]);
                assert!(!leads(leaf, index, size, &path, &root));
                path.pop();
                assert!(path.pop().is_none() || !leads(leaf, index, size, &path, &root));
            }
        }
    }

    // A leaf cannot pass for a node, whose hash is taken over other bytes.
    #[test]
    fn leaves_and_nodes_are_hashed_apart() {
        let [left, right] = [[1; 32], [2; 32]];
        let mut entry = left.to_vec();
        entry.extend(right);
        assert_ne!(leaf(&entry), node(&left, &right));
    }
}
